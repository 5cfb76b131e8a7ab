using System.Text;

namespace DiffusionVae.Cli;

/// <summary>
/// A standard stream of the process. It may be full or closed, or its terminal may have ended.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="name">The name in messages; null if text that cannot be written may be lost, as progress
/// may.</param>
internal sealed class StandardWriter(TextWriter stream, string? name) : TextWriter
{
    public override Encoding Encoding => stream.Encoding;

    public override void Write(char value) => Try(() => stream.Write(value));

    public override void Write(string? value) => Try(() => stream.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => stream.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => stream.WriteLine(value));

    public override void Flush() => Try(stream.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (name is not null)
            {
                throw new IOException($"{name} cannot be written to: {fault.Message}", fault);
            }
        }
    }
}
