/** The version of this program: that of the package, which one script moves with all others. */
import packageJson from '../../package.json' with { type: 'json' };

/** As semver, such as `0.1.0`. */
export const VERSION: string = packageJson.version;
