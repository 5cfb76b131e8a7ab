# Completion of dvae in fish. In ~/.config/fish/config.fish: dvae completion fish | source

function __dvae_candidates
    set -l line (commandline --cut-at-cursor | string collect)
    dvae "[suggest:"(string length -- $line)"]" $line 2>/dev/null | string match --invert '/*'
end

complete --command dvae --arguments '(__dvae_candidates)'
