namespace DiffusionVae.Data;

/// <summary>An entry of the catalogue of data sets.</summary>
internal sealed class DataSetEntry
{
    internal DataSetEntry(string name, string usage, string description, Func<string?, Func<ImageData>> parse) =>
        (Name, Usage, Description, Parse) = (name, usage, description, parse);

    /// <summary>The name, in lower case, without a colon.</summary>
    public string Name { get; }

    /// <summary>The form of an id: <c>name</c> or <c>name:arguments</c>.</summary>
    public string Usage { get; }

    /// <summary>A description of the data set.</summary>
    public string Description { get; }

    /// <summary>
    /// Turns the arguments, the text after the colon, into a function that loads the data. The text is null
    /// if there is no colon. If the arguments are wrong, it throws a <see cref="FormatException"/> with the
    /// rule and the value. It reads no files; the function does.
    /// </summary>
    internal Func<string?, Func<ImageData>> Parse { get; }
}
