namespace DiffusionVae.Cli;

/// <summary>
/// The output of the program: results go to <paramref name="Out"/>, progress and errors to
/// <paramref name="Error"/>.
/// </summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsLive">Whether standard error is a terminal, which may be redrawn.</param>
/// <param name="HasColours">Whether colours may be used: on a terminal, unless NO_COLOR is set
/// (no-color.org).</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsLive = false, bool HasColours = false)
{
    private const string Red = "\u001b[1;31m";
    private const string Plain = "\u001b[0m";
    private Action<string>? above;

    public static Terminal OfProcess()
    {
        bool live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "");
        bool colours = live && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var output = new StandardWriter(Console.Out, "standard output");
        return new Terminal(output, new StandardWriter(Console.Error, name: null), live, colours);
    }

    /// <summary>Writes an error message.</summary>
    public void WriteError(string message) => Error.WriteLine((HasColours ? $"{Red}dvae:{Plain} " : "dvae: ") + message);

    /// <summary>Writes a message that is not an error.</summary>
    public void Note(string message) => (above ?? Error.WriteLine)($"dvae: {message}");

    /// <summary>
    /// Runs a function that redraws the last lines. Meanwhile, messages are written above these lines.
    /// </summary>
    /// <param name="above">Writes a line above the redrawn lines.</param>
    /// <param name="draw">The function that draws until it returns.</param>
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
