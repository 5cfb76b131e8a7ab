namespace DiffusionVae;

/// <summary>Options say what is wrong with them; this says it to the caller, all at once.</summary>
internal static class Validation
{
    public static void ThrowIfAny(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (all.Length > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, all));
        }
    }
}
