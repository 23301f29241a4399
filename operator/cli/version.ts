/** The version of this program: that of the package, which one script moves with all others. */
import packageJson from '../../package.json' with { type: 'json' };

export const VERSION: string = packageJson.version;
