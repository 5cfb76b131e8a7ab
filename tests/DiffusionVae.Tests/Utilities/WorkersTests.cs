using TorchSharp;

namespace DiffusionVae.Tests.Utilities;

/// <summary>Threads that share a piece of work.</summary>
public class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_part_is_done_once_with_libtorch_at_one_thread(int threads) => Threads.With(threads, () =>
    {
        // Often, since what goes wrong among threads goes wrong seldom.
        for (int call = 0; call < 500; call++)
        {
            int parts = call % 7;
            int[] done = new int[parts], threadsOfLibtorch = new int[parts];
            Workers.Run(parts, part =>
            {
                Interlocked.Increment(ref done[part]);
                threadsOfLibtorch[part] = torch.get_num_threads();
            });
            Assert.Equal(Enumerable.Repeat(1, parts), done);
            Assert.Equal(Enumerable.Repeat(1, parts), threadsOfLibtorch);
            Assert.Equal(threads, torch.get_num_threads());
        }
        return true;
    });

    [Fact]
    public void Several_threads_do_take_part() => Threads.With(3, () =>
    {
        // Each part waits for the others: one thread alone would never come to the end.
        using var all = new Barrier(3);
        var names = new string?[3];
        Workers.Run(3, part =>
        {
            Assert.True(all.SignalAndWait(TimeSpan.FromMinutes(1)));
            names[part] = Thread.CurrentThread.Name;
        });
        Assert.Equal(3, names.Distinct().Count());
        return true;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_first_part_that_fails_is_told_and_the_others_are_done(int threads) => Threads.With(threads, () =>
    {
        int done = 0;
        var fault = Assert.Throws<InvalidOperationException>(() => Workers.Run(6, part =>
        {
            Interlocked.Increment(ref done);
            if (part is 2 or 4)
            {
                throw new InvalidOperationException($"part {part}");
            }
        }));
        Assert.Equal("part 2", fault.Message);
        Assert.Equal(6, done);
        Assert.Equal(threads, torch.get_num_threads());
        return true;
    });

    [Fact]
    public void A_part_may_have_parts_of_its_own() => Threads.With(3, () =>
    {
        int done = 0;
        Workers.Run(3, _ => Workers.Run(3, _ => Interlocked.Increment(ref done)));
        Assert.Equal(9, done);
        return true;
    });
}
