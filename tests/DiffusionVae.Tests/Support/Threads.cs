using TorchSharp;

namespace DiffusionVae.Tests;

/// <summary>libtorch's number of threads, for a while.</summary>
internal static class Threads
{
    public static T With<T>(int threads, Func<T> compute)
    {
        int before = torch.get_num_threads();
        torch.set_num_threads(threads);
        try
        {
            return compute();
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }
}
