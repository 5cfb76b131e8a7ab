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

    public static Terminal OfProcess()
    {
        bool live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "");
        bool colours = live && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(Console.Out, Console.Error, live, colours);
    }

    /// <summary>Tells of an error.</summary>
    public void Complain(string message) => Error.WriteLine((HasColours ? $"{Red}dvae:{Plain} " : "dvae: ") + message);

    /// <summary>Tells of something that is not an error.</summary>
    public void Note(string message) => Error.WriteLine($"dvae: {message}");
}
