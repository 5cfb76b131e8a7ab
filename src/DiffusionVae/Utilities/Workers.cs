using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace DiffusionVae;

/// <summary>
/// Threads of our own that share a piece of work, each of them with libtorch at one thread.
/// </summary>
/// <remarks>
/// <para>
/// libtorch's threads meet at the end of every operation, dozens of times in a training step, and wait there
/// busily for a thread that the system has set aside. Beside another process that costs a time slice each.
/// These threads meet once in each call of <see cref="Run"/>, and soon sleep where they have to wait.
/// </para>
/// <para>
/// Which thread does which part changes from call to call. So the results are the same for any number of
/// threads if the parts do not depend on it, and if nobody sums over parts in the order in which they end.
/// </para>
/// <para>
/// Gradient mode and dispose scopes belong to a thread. A part opens its own, and detaches what it hands
/// over.
/// </para>
/// </remarks>
internal static class Workers
{
    /// <summary>How long a thread waits busily before it sleeps: waking it takes about as long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(50);

    private static readonly Lock Busy = new();
    private static readonly SemaphoreSlim Calls = new(0);
    private static Job? current;
    private static int started;
    private static long ticks;
    private static long processorTicks;

    /// <summary>
    /// The time that threads have spent on parts so far, all of them together, and the processor time that
    /// they got of it; both in ticks of <see cref="Stopwatch"/>.
    /// </summary>
    public static (long Ticks, long ProcessorTicks) Spent => (Interlocked.Read(ref ticks), Interlocked.Read(ref processorTicks));

    /// <summary>
    /// Does the parts of a piece of work, with as many threads as libtorch would use, and returns when all
    /// are done. The calling thread is one of them. Inside a part, libtorch has one thread, and another call
    /// does its parts one after the other.
    /// </summary>
    /// <param name="parts">The number of parts.</param>
    /// <param name="work">Does one of them.</param>
    /// <exception cref="Exception">That of the first part that failed; the other parts were done.</exception>
    public static void Run(int parts, Action<int> work)
    {
        int threads = torch.get_num_threads();
        var job = new Job(parts, work);
        if (threads == 1)
        {
            job.Help();
        }
        else
        {
            lock (Busy)
            {
                Share(job, Math.Min(threads, parts) - 1, threads);
            }
        }
        job.ThrowIfFailed();
    }

    /// <summary>
    /// Computes something that cannot be parted, with libtorch at one thread: the same whatever
    /// the number of threads.
    /// </summary>
    public static T Alone<T>(Func<T> compute)
    {
        T? result = default;
        Run(1, _ => result = compute());
        return result!;
    }

    private static void Share(Job job, int helpers, int threads)
    {
        torch.set_num_threads(1);
        try
        {
            Start(helpers);
            Volatile.Write(ref current, job);
            if (helpers > 0)
            {
                Calls.Release(helpers);
            }
            job.Help();
            job.Wait();
        }
        finally
        {
            Volatile.Write(ref current, null);
            torch.set_num_threads(threads);
        }
    }

    /// <summary>
    /// Starts threads until there are enough, and waits until libtorch has one thread in them.
    /// </summary>
    private static void Start(int helpers)
    {
        for (; started < helpers; started++)
        {
            using var ready = new ManualResetEventSlim();
            new Thread(() => Serve(ready)) { IsBackground = true, Name = Invariant($"{nameof(Workers)} {started + 1}") }.Start();
            ready.Wait();
        }
    }

    private static void Serve(ManualResetEventSlim ready)
    {
        torch.set_num_threads(1);
        ready.Set();
        while (true)
        {
            WaitBriefly(() => Calls.CurrentCount > 0);
            Calls.Wait();
            // A thread that was set aside may come late, when the job is done or the next one has begun.
            Volatile.Read(ref current)?.Help();
        }
    }

    private static void WaitBriefly(Func<bool> isOver)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isOver() && Stopwatch.GetElapsedTime(start) < Patience)
        {
            Thread.SpinWait(10);
        }
    }

    /// <summary>One piece of work.</summary>
    private sealed class Job(int parts, Action<int> work)
    {
        private readonly Exception?[] failures = new Exception?[parts];
        private readonly object end = new();
        private int taken;
        private int done;

        private bool IsDone => Volatile.Read(ref done) == failures.Length;

        /// <summary>Does parts until none is left to take.</summary>
        public void Help()
        {
            (long start, long? processor) = (Stopwatch.GetTimestamp(), ThreadClock.Now());
            Work();
            if (ThreadClock.Now() - processor is { } got)
            {
                Interlocked.Add(ref ticks, Stopwatch.GetTimestamp() - start);
                Interlocked.Add(ref processorTicks, got);
            }
        }

        /// <summary>Waits for the parts that other threads have taken.</summary>
        public void Wait()
        {
            WaitBriefly(() => IsDone);
            lock (end)
            {
                while (!IsDone)
                {
                    Monitor.Wait(end);
                }
            }
        }

        public void ThrowIfFailed()
        {
            if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            {
                ExceptionDispatchInfo.Throw(first);
            }
        }

        private void Work()
        {
            for (int part; (part = Interlocked.Increment(ref taken) - 1) < failures.Length;)
            {
                try
                {
                    work(part);
                }
                catch (Exception e)
                {
                    failures[part] = e;
                }
                if (Interlocked.Increment(ref done) == failures.Length)
                {
                    lock (end)
                    {
                        Monitor.PulseAll(end);
                    }
                }
            }
        }
    }
}
