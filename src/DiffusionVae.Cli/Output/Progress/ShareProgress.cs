using Spectre.Console;

namespace DiffusionVae.Cli.Output;

/// <summary>Shows how much of a long measurement is done: a bar on a terminal, a line for each
/// quarter elsewhere.</summary>
internal static class ShareProgress
{
    public static T Show<T>(Terminal terminal, string what, Func<IProgress<double>, T> measure) => terminal.IsLive
        ? LiveProgress.Start(terminal, context =>
        {
            ProgressTask task = context.AddTask(what, maxValue: 1);
            return measure(new Reporter(share => task.Value = share));
        })
        : measure(new Quarters(terminal, what));

    /// <summary>Unlike <see cref="Progress{T}"/>, on the thread that reports, and in order.</summary>
    private sealed class Reporter(Action<double> show) : IProgress<double>
    {
        public void Report(double value) => show(value);
    }

    private sealed class Quarters(Terminal terminal, string what) : IProgress<double>
    {
        private int shown;

        public void Report(double value)
        {
            int quarter = (int)(4 * value);
            if (quarter > shown)
            {
                shown = quarter;
                terminal.Note(FormattableString.Invariant($"{what} {25 * quarter}%"));
            }
        }
    }
}
