using System.Text;
using DiffusionVae.Runs;

namespace DiffusionVae.Tests.Runs;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_made_and_replaced_and_nothing_else_is_left()
    {
        AtomicFile.WriteText(folder["file"], "first");
        AtomicFile.WriteText(folder["file"], "zweite, kürzer");
        Assert.Equal(Encoding.UTF8.GetBytes("zweite, kürzer"), File.ReadAllBytes(folder["file"]));
        Assert.Equal([folder["file"]], Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>Whatever was being done to the file at that moment, as before the first byte.</summary>
    [LinuxFact]
    public void A_folder_that_is_moved_away_during_a_write_is_not_found()
    {
        Directory.CreateDirectory(folder["here"]);
        string file = Path.Combine(folder["here"], "file");
        void MoveAway(Stream stream) => Directory.Move(folder["here"], folder["elsewhere"]);
        string message = $"Could not find a part of the path '{file}'.";
        Assert.Equal(message, Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(file, MoveAway)).Message);
        Assert.False(Directory.Exists(folder["here"]));
    }

    /// <summary>What a link points to is written, and the link stays; also through another link.</summary>
    [LinuxFact]
    public void A_link_is_followed()
    {
        Directory.CreateDirectory(folder["elsewhere"]);
        File.WriteAllText(folder["elsewhere/file"], "old");
        File.CreateSymbolicLink(folder["link"], "elsewhere/file");
        File.CreateSymbolicLink(folder["second"], "link");
        AtomicFile.WriteText(folder["second"], "new");
        Assert.Equal("new", File.ReadAllText(folder["elsewhere/file"]));
        Assert.Equal("link", new FileInfo(folder["second"]).LinkTarget);
        // A link to nothing makes what it points to; a device is left alone.
        File.CreateSymbolicLink(folder["empty"], "elsewhere/made");
        AtomicFile.WriteText(folder["empty"], "made");
        Assert.Equal("made", File.ReadAllText(folder["elsewhere/made"]));
        File.CreateSymbolicLink(folder["device"], "/dev/null");
        Assert.EndsWith(
            "expected a file to write, found the device /dev/null",
            Assert.Throws<IOException>(() => AtomicFile.WriteText(folder["device"], "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_is_refused_by_the_name_that_was_given()
    {
        Assert.Equal(
            $"'{folder["none/file"]}' cannot be written: there is no folder '{folder["none"]}'.",
            Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.RequireWritable(folder["none/file"])).Message);
        AtomicFile.RequireWritable(folder["file"]);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_stream_can_seek()
    {
        AtomicFile.Write(folder["file"], stream =>
        {
            stream.Write("0000 later"u8);
            stream.Position = 0;
            stream.Write("1234"u8);
        });
        Assert.Equal("1234 later", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void The_old_content_is_seen_until_the_new_is_whole()
    {
        AtomicFile.WriteText(folder["file"], "old");
        AtomicFile.Write(folder["file"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(folder["file"]));
        });
        Assert.Equal("new", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void If_writing_fails_the_old_file_stays_and_nothing_else_is_left()
    {
        AtomicFile.WriteText(folder["file"], "old");
        var error = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["file"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("stop");
        }));
        Assert.Equal("stop", error.Message);
        Assert.Equal("old", File.ReadAllText(folder["file"]));
        Assert.Equal([folder["file"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_is_not_replaced_and_a_missing_folder_not_made()
    {
        Directory.CreateDirectory(folder["sub"]);
        Assert.Equal(
            $"{folder["sub"]}: expected a file to write, found a folder",
            Assert.Throws<IOException>(() => AtomicFile.WriteText(folder["sub"], "")).Message);
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(folder["none/file"], ""));
        Assert.Equal([folder["sub"]], Directory.GetFileSystemEntries(folder.Path));
    }
}
