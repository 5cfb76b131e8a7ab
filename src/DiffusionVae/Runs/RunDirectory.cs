namespace DiffusionVae.Runs;

/// <summary>Where the parts of a run stand in its directory.</summary>
/// <param name="Root">The directory.</param>
public sealed record RunDirectory(string Root)
{
    /// <summary>All options of the run.</summary>
    public string Config => Path.Combine(Root, "config.json");

    /// <summary>A row for each epoch.</summary>
    public string Metrics => Path.Combine(Root, "metrics.csv");

    /// <summary>The model as of the last epoch that was done.</summary>
    public string Weights => Path.Combine(Root, "weights.safetensors");

    /// <summary>The folder of pictures.</summary>
    public string Figures => Path.Combine(Root, "figures");

    /// <summary>The page about the run.</summary>
    public string Report => Path.Combine(Root, "report.html");

    /// <summary>Checks that a run can be written here: there is nothing, or an empty directory.</summary>
    /// <exception cref="DirectoryInUseException">There is something, which is left as it is.</exception>
    public void RequireFree()
    {
        if (File.Exists(Root) || (Directory.Exists(Root) && Directory.EnumerateFileSystemEntries(Root).Any()))
        {
            throw new DirectoryInUseException(Root);
        }
    }

    /// <summary>Makes the directory, or takes an empty one.</summary>
    /// <exception cref="IOException">It exists and holds something, which is left as it is; or it cannot be made.</exception>
    internal void Claim()
    {
        RequireFree();
        Directory.CreateDirectory(Root);
    }
}
