using static TorchSharp.torch;

namespace DiffusionVae.Tests;

/// <summary>Counts the tensors that something leaves behind.</summary>
internal static class Leaks
{
    /// <summary>The number of live tensors, after all that nobody holds any more are gone.</summary>
    public static long Live()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Tensor.TotalCount;
    }

    /// <summary>
    /// How many tensors are alive after an action that were not before. Once is not counted: it may fill
    /// tables that stay.
    /// </summary>
    public static long Of(Action action)
    {
        action();
        long before = Live();
        action();
        // Not Live(): a tensor left to the finaliser is a leak.
        return Tensor.TotalCount - before;
    }
}
