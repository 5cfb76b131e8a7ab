namespace DiffusionVae.Cli.Tests;

/// <summary>
/// A test that needs Python with PyTorch and NumPy (Debian: python3-torch); without them it is skipped,
/// visibly.
/// </summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> HasTorch = new(() =>
    {
        if (!File.Exists(Python))
        {
            return false;
        }
        using DvaeProcess import = DvaeProcess.Start(Python, Path.GetTempPath(), ["-c", "import torch, numpy"]);
        return import.Wait().ExitCode == 0;
    });

    public PythonFactAttribute()
    {
        if (!HasTorch.Value)
        {
            Skip = $"Needs {Python} with torch and numpy.";
        }
    }
}
