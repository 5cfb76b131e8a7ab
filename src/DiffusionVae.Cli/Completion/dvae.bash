# Completion of dvae in bash. In ~/.bashrc: source <(dvae completion bash)

_dvae() {
    local line="${COMP_LINE:0:COMP_POINT}" word done= candidate
    word="${line##*[[:space:]]}"
    # Bash takes what stands before a colon or an equals sign for a word of its own, and keeps it.
    [[ $COMP_WORDBREAKS == *=* && $word == *=* ]] && done="${word%"${word##*=}"}"
    [[ $COMP_WORDBREAKS == *:* && $word == *:* ]] && done="${word%"${word##*:}"}"
    COMPREPLY=()
    while IFS= read -r candidate; do
        # Options only where one was begun: else files have a place, which bash completes where there is nothing else.
        if [[ $candidate && $candidate == "$word"* && ($word == -* || $candidate != [-/]*) ]]; then
            COMPREPLY+=("${candidate#"$done"}")
        fi
    done < <(dvae "[suggest:${#line}]" "$line" 2>/dev/null)
}

complete -o default -F _dvae dvae
