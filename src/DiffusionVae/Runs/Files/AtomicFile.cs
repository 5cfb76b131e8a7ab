namespace DiffusionVae.Runs;

/// <summary>
/// Writes a file as a whole or not at all: into a temporary file of the same folder, which is flushed to the
/// disk and then renamed over the file.
/// A reader sees the old content or the new, never a part, also after a power cut.
/// </summary>
/// <remarks>
/// A process killed during a write leaves its temporary file behind, <c>.NAME.RANDOM.tmp</c>, which may be
/// deleted. Where the path is a symbolic link, what it points to is replaced, and the link stays.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>Writes bytes.</summary>
    /// <param name="path">The file, new or to be replaced; its folder must exist.</param>
    /// <param name="write">Writes the content to the stream, which can seek. If it throws, the file stays as
    /// it was.</param>
    /// <exception cref="IOException">The system failed to write, the folder does not exist, or the path is
    /// that of a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written
    /// to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        (string target, FileStream stream) = Begin(path);
        string folder = Path.GetDirectoryName(target)!, temporary = stream.Name;
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            FolderOnDisk.Flush(folder);
        }
        catch (ArgumentOutOfRangeException fault) when (fault.ParamName == "value")
        {
            // What .NET makes of EFBIG.
            Delete(temporary);
            throw new IOException($"File too large, or beyond a limit of the system : '{path}'", fault);
        }
        catch (IOException fault) when (!Directory.Exists(folder))
        {
            // Moved away since the temporary file was made: one fault, whichever call meets it.
            throw new DirectoryNotFoundException($"Could not find a part of the path '{target}'.", fault);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    /// <summary>Checks that a file can be written, before the work that makes its content.</summary>
    /// <param name="path">The file, new or to be replaced.</param>
    /// <exception cref="IOException">The folder does not exist, or the path is that of a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void RequireWritable(string path)
    {
        (_, FileStream stream) = Begin(path);
        stream.Dispose();
        Delete(stream.Name);
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file, new or to be replaced; its folder must exist.</param>
    /// <param name="text">The whole content.</param>
    /// <exception cref="IOException">The system failed to write, the folder does not exist, or the path is
    /// that of a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written
    /// to.</exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>What processes left that were killed while they wrote a file.</summary>
    /// <param name="path">The file, whose name may have wildcards; its folder must exist.</param>
    internal static IEnumerable<string> Remains(string path) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.*.tmp");

    /// <summary>Finds the file that a path names, and makes a temporary one beside it.</summary>
    private static (string Target, FileStream Stream) Begin(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var named = new FileInfo(path);
        string target = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target))
        {
            throw new IOException($"{path}: expected a file to write, found a folder");
        }
        if (target.StartsWith("/dev/", StringComparison.Ordinal))
        {
            // It would be replaced by a file, for all programs.
            throw new IOException($"{path}: expected a file to write, found the device {target}");
        }
        string folder = Path.GetDirectoryName(target)!;
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            return (target, new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
        }
        catch (DirectoryNotFoundException fault)
        {
            throw new DirectoryNotFoundException($"'{path}' cannot be written: there is no folder '{folder}'.", fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new UnauthorizedAccessException($"'{path}' cannot be written: the folder '{folder}' may not be written to.", fault);
        }
        catch (IOException fault)
        {
            // The user knows the file, not the temporary one.
            throw new IOException(fault.Message.Replace(temporary, target, StringComparison.Ordinal), fault);
        }
    }

    private static void Delete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What went wrong first is what the caller must hear of.
        }
    }
}
