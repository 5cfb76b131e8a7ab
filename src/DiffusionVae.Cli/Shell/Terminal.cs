namespace DiffusionVae.Cli;

/// <summary>Where the program writes: results to <paramref name="Out"/>, progress and errors to <paramref name="Error"/>.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsLive">Whether somebody watches standard error, so that it may be redrawn.</param>
/// <param name="HasColours">Whether it may have colours: on a terminal, unless NO_COLOR is set (no-color.org).</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsLive = false, bool HasColours = false)
{
    private const string Red = "\u001b[1;31m";
    private const string Plain = "\u001b[0m";
    private Action<string>? above;

    public static Terminal OfProcess()
    {
        bool live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "");
        bool colours = live && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(new StandardWriter(Console.Out, "standard output"), new StandardWriter(Console.Error, name: null), live, colours);
    }

    /// <summary>Tells of an error.</summary>
    public void WriteError(string message) => Error.WriteLine((HasColours ? $"{Red}dvae:{Plain} " : "dvae: ") + message);

    /// <summary>Tells of something that is not an error.</summary>
    public void Note(string message) => (above ?? Error.WriteLine)($"dvae: {message}");

    /// <summary>Does what draws something again and again in the last lines, with which plain lines would mix.</summary>
    /// <param name="above">Writes a line above that.</param>
    /// <param name="draw">Draws until it returns.</param>
    public T Drawing<T>(Action<string> above, Func<T> draw)
    {
        this.above = above;
        try
        {
            return draw();
        }
        finally
        {
            this.above = null;
        }
    }
}
