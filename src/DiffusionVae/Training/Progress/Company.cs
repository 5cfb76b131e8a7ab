using System.Diagnostics;

namespace DiffusionVae.Training;

/// <summary>Notices when other programs keep the threads of training from computing.</summary>
internal sealed class Company
{
    /// <summary>The share of their time below which threads are kept from computing.</summary>
    private const double LeastShare = 0.8;

    /// <summary>The time of threads, in seconds, from which on the share says something.</summary>
    private const double LeastSeconds = 1;

    private readonly Func<(long Ticks, long ProcessorTicks)> spent;
    private readonly (long Ticks, long ProcessorTicks) start;
    private bool isSaid;

    /// <summary>Begins to watch.</summary>
    /// <param name="spent">
    /// What the threads have spent so far: the time since they were given work, and that in which they
    /// computed.
    /// </param>
    public Company(Func<(long Ticks, long ProcessorTicks)> spent) => (this.spent, start) = (spent, spent());

    /// <summary>A sentence for the user, once; null if there is nothing to say.</summary>
    public string? Warning()
    {
        (long ticks, long processorTicks) = spent();
        double seconds = (double)(ticks - start.Ticks) / Stopwatch.Frequency;
        double share = (double)(processorTicks - start.ProcessorTicks) / (ticks - start.Ticks);
        // One thread has to take what it gets.
        if (isSaid || torch.get_num_threads() == 1 || seconds < LeastSeconds || share >= LeastShare)
        {
            return null;
        }
        isSaid = true;
        return Invariant($"the threads of training get {share:0%} of the processor time that they ask for: other programs compute, too. ")
            + "Training takes longer for it. Fewer threads disturb each other less.";
    }
}
