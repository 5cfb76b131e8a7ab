namespace DiffusionVae.Runs;

/// <summary>Makes a run of the weights that another program wrote.</summary>
internal static class WeightsImport
{
    /// <summary>Makes the directory of a run that is complete and has no epochs of its own.</summary>
    /// <param name="weights">The weights, in the safetensors format.</param>
    /// <param name="like">The directory of a run with the same networks and latent space.</param>
    /// <param name="path">The directory to make, new or empty.</param>
    /// <exception cref="DirectoryNotFoundException">There is no run like it.</exception>
    /// <exception cref="Data.DataFormatException">The weights are damaged, or not those of such a
    /// model.</exception>
    /// <exception cref="DirectoryInUseException">The directory is not empty.</exception>
    public static void Create(string weights, string like, string path)
    {
        using Run model = Run.Open(like, "cpu");
        WeightsFile.ReadInto(weights, model.Model);
        var directory = new RunDirectory(path);
        using FileLock claim = directory.Claim();
        // As many epochs as are done: there is nothing to resume.
        RunConfig config = model.Directory.ReadConfig();
        config = config with { Training = config.Training with { Epochs = model.Epoch } };
        AtomicFile.WriteText(directory.Config, config.ToJson() + "\n");
        DataRecord.Read(model.Directory)?.Write(directory);
        MetricsFile.Write(directory.Metrics, []);
        WeightsFile.Write(directory.Weights, model.Model, config, model.Shape, model.Epoch);
    }
}
