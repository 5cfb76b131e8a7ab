#compdef dvae
# Completion of dvae in zsh. In ~/.zshrc, after compinit: source <(dvae completion zsh)

_dvae() {
    local line="${BUFFER[1,CURSOR]}"
    local -a candidates
    candidates=("${(@f)$(dvae "[suggest:${#line}]" "$line" 2>/dev/null)}")
    candidates=(${candidates:#/*})
    # Options only where one was begun: else files have a place.
    [[ $PREFIX == -* ]] || candidates=(${candidates:#-*})
    compadd -- $candidates || _files
}

compdef _dvae dvae
