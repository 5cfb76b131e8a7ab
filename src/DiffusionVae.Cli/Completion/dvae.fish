# Completion of dvae in fish. In ~/.config/fish/config.fish: dvae completion fish | source

function __dvae_candidates
    set -l line (commandline --cut-at-cursor | string collect)
    set -l word (commandline --cut-at-cursor --current-token)
    set -l found (dvae "[suggest:"(string length -- $line)"]" $line 2>/dev/null | string match --invert '/*')
    # Options only where one was begun: else files have a place.
    string match --quiet -- '-*' $word; or set found (string match --invert -- '-*' $found)
    set found (string match --regex -- '^'(string escape --style=regex -- $word)'.*' $found)
    # Files where nothing else fits.
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path $word
    end
end

complete --command dvae --no-files --arguments '(__dvae_candidates)'
