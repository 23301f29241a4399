/**
 * The scripts of `completion`. Each one only hands the words on the line to `__complete` and shows its
 * answer, so that what can be completed is decided in one place: lines `candidate<TAB>description`, and
 * at the end `:<directive>`, a sum of 2 (no blank behind it) and 4 (no names of files instead).
 */

const SCRIPTS = { bash, zsh, fish } as const;

/** The script for a shell, ending in a line feed. */
export function completionScript(shell: keyof typeof SCRIPTS): string {
  return SCRIPTS[shell]();
}

/** For bash 3.2 and later, without the package bash-completion. */
function bash(): string {
  return `# bash completion for ingress-ha
__ingress_ha_complete() {
  local words=() word glue='' i line directive=0 last
  # bash takes words apart at "=": they are put together again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    last=$((\${#words[@]} - 1))
    if [[ $word == '=' && $last -ge 0 ]]; then
      words[last]+='='
      glue=yes
    elif [[ -n $glue ]]; then
      words[last]+=$word
      glue=''
    else
      words+=("$word")
    fi
  done
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      directive=\${line#:}
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <("\${COMP_WORDS[0]}" __complete "\${words[@]}" 2>/dev/null)
  # Names of files are bash's own business, by -o default below.
  if (((directive & 4) != 0)) && ((\${#COMPREPLY[@]} == 0)); then compopt +o default 2>/dev/null; fi
  if (((directive & 2) != 0)); then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F __ingress_ha_complete ingress-ha
`;
}

function zsh(): string {
  return `#compdef ingress-ha
# zsh completion for ingress-ha
_ingress_ha() {
  local line directive=0 tab=$'\\t' candidate
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      directive=\${line#:}
    else
      # What _describe reads is value:description, so colons in values are escaped.
      candidate="\${\${line%%$tab*}//:/\\\\:}"
      [[ $line == *$tab* ]] && candidate+=":\${line#*$tab}"
      candidates+=("$candidate")
    fi
  done < <("\${words[1]}" __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  # Of --flag=value only the value is completed.
  if [[ \${words[CURRENT]} == -*=* ]]; then
    compset -P '*='
  fi
  if (( \${#candidates} > 0 )); then
    if (( directive & 2 )); then _describe '' candidates -S ''; else _describe '' candidates; fi
  elif (( (directive & 4) == 0 )); then
    _files
  fi
}
if [[ "\${funcstack[1]}" == _ingress_ha ]]; then _ingress_ha "$@"; else compdef _ingress_ha ingress-ha; fi
`;
}

function fish(): string {
  return `# fish completion for ingress-ha
function __ingress_ha_ask
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null
end
function __ingress_ha_candidates
    set -l flag (string match -r -- '^--[^=]+=' (commandline -ct))
    for line in (__ingress_ha_ask)
        string match -q -- ':*' $line; or echo "$flag$line"
    end
end
function __ingress_ha_wants_files
    set -l answer (__ingress_ha_ask)
    test "$answer" = ':0'
end
complete -c ingress-ha -f -n 'not __ingress_ha_wants_files' -a '(__ingress_ha_candidates)'
complete -c ingress-ha -F -n __ingress_ha_wants_files
`;
}
