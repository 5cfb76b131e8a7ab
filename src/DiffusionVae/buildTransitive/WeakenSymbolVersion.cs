using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes a copy of a 64-bit ELF library in which requirements for newer versions of libstdc++ are marked
/// weak, provided that the only symbol that carries them is the marker <c>_ZSt21ios_base_library_initv</c>,
/// which no relocation refers to. See DiffusionVae.targets.
/// </summary>
public sealed class WeakenSymbolVersion : Task
{
    private const string Library = "libstdc++.so.6";
    private const string Marker = "_ZSt21ios_base_library_initv";

    /// <summary>
    /// The newest GLIBCXX_3.4.x that the oldest supported system (Debian 12, Ubuntu 22.04) has.
    /// </summary>
    private const int OldestSupported = 30;

    [Required]
    public ITaskItem Source { get; set; }

    [Required]
    public string Destination { get; set; }

    /// <summary>Also where the libstdc++ of this machine would do.</summary>
    public bool Always { get; set; }

    /// <summary>The copy, or empty where the file loads as it is.</summary>
    [Output]
    public string Result { get; set; }

    public override bool Execute()
    {
        string path = Source.ItemSpec;
        byte[] file = File.ReadAllBytes(path);
        try
        {
            var elf = new Elf(file);
            List<Elf.Need> newer = elf.Needs(Library).Where(need => Minor(need.Version) > OldestSupported && !need.Weak).ToList();
            if (newer.Count == 0 || (!Always && newer.All(need => ThisMachineHas(need.Version))))
            {
                return true;
            }
            string[] users = newer.SelectMany(need => elf.SymbolsOf(need.Index)).Where(symbol => symbol != Marker).Distinct().ToArray();
            if (users.Length > 0)
            {
                Log.LogWarning(
                    "{0} uses symbols of a newer {1} than this machine may have ({2}: {3}), so it is not the file that this build "
                    + "knows how to make loadable. Use TorchSharp 0.107.0, or a system with GCC 13's libstdc++, or set "
                    + "LoadOnOlderLinux=never to silence this.",
                    path, Library, string.Join(", ", newer.Select(need => need.Version)), string.Join(", ", users.Take(5)));
                return true;
            }
            newer.ForEach(elf.Weaken);
        }
        catch (Exception fault) when (fault is InvalidDataException || fault is ArgumentException || fault is IndexOutOfRangeException)
        {
            Log.LogWarning(
                "{0} is not a 64-bit ELF library that can be read ({1}). Restore TorchSharp again, or set LoadOnOlderLinux=never.", path,
                fault.Message);
            return true;
        }
        Result = Destination;
        if (!File.Exists(Destination) || !File.ReadAllBytes(Destination).SequenceEqual(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Destination));
            File.Delete(Destination); // may be a hard link into an output folder
            File.WriteAllBytes(Destination, file);
        }
        return true;
    }

    private static int Minor(string version)
    {
        const string prefix = "GLIBCXX_3.4.";
        int minor;
        return version.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(version.Substring(prefix.Length), out minor)
            ? minor
            : 0;
    }

    private static bool ThisMachineHas(string version)
    {
        string[] folders = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':')
            .Concat(new[] { "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib", "/lib" }).ToArray();
        string found =
            folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, Library)).FirstOrDefault(File.Exists);
        return found != null && Encoding.ASCII.GetString(File.ReadAllBytes(found)).Contains(version + "\0");
    }

    /// <summary>
    /// As much of the ELF format as version requirements need (System V ABI; Linux Standard Base, "Symbol
    /// Versioning").
    /// </summary>
    private sealed class Elf
    {
        private const uint DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, SymbolVersions = 0x6fffffff;
        private const ushort WeakFlag = 2;
        private readonly byte[] bytes;
        private readonly List<Section> sections = new List<Section>();

        public Elf(byte[] bytes)
        {
            this.bytes = bytes;
            if (bytes.Length < 64 || BitConverter.ToUInt32(bytes, 0) != 0x464c457f || bytes[4] != 2 || bytes[5] != 1)
            {
                throw new InvalidDataException("no little-endian ELF64 header");
            }
            long table = BitConverter.ToInt64(bytes, 40);
            for (int i = 0; i < U16(60); i++)
            {
                int at = checked((int)(table + (long)i * U16(58)));
                sections.Add(new Section { Type = U32(at + 4), Offset = (int)BitConverter.ToInt64(bytes, at + 24),
                    Size = (int)BitConverter.ToInt64(bytes, at + 32), Link = (int)U32(at + 40) });
            }
        }

        public IEnumerable<Need> Needs(string library)
        {
            Section needs = Find(VersionNeeds);
            for (int entry = needs.Offset, next = 1; next != 0; entry += next)
            {
                next = (int)U32(entry + 12);
                if (Text(needs.Link, U32(entry + 4)) != library)
                {
                    continue;
                }
                int aux = entry + (int)U32(entry + 8);
                for (int i = 0; i < U16(entry + 2); i++, aux += (int)U32(aux + 12))
                {
                    yield return new Need { Version = Text(needs.Link, U32(aux + 8)), Index = U16(aux + 6), FlagsAt = aux + 4,
                        Weak = (U16(aux + 4) & WeakFlag) != 0 };
                }
            }
        }

        public IEnumerable<string> SymbolsOf(int version)
        {
            Section symbols = Find(DynamicSymbols), versions = Find(SymbolVersions);
            for (int i = 0; i < versions.Size / 2; i++)
            {
                if ((U16(versions.Offset + 2 * i) & 0x7fff) == version)
                {
                    yield return Text(symbols.Link, U32(symbols.Offset + 24 * i));
                }
            }
        }

        public void Weaken(Need need)
        {
            BitConverter.GetBytes((ushort)(U16(need.FlagsAt) | WeakFlag)).CopyTo(bytes, need.FlagsAt);
        }

        private Section Find(uint type)
        {
            return sections.FirstOrDefault(section => section.Type == type)
                ?? throw new InvalidDataException("no section of type 0x" + type.ToString("x"));
        }

        private string Text(int table, uint offset)
        {
            int start = sections[table].Offset + (int)offset;
            return Encoding.ASCII.GetString(bytes, start, Array.IndexOf(bytes, (byte)0, start) - start);
        }

        private ushort U16(int at) { return BitConverter.ToUInt16(bytes, at); }

        private uint U32(int at) { return BitConverter.ToUInt32(bytes, at); }

        public sealed class Need
        {
            public string Version;
            public int Index;
            public int FlagsAt;
            public bool Weak;
        }

        private sealed class Section
        {
            public uint Type;
            public int Offset;
            public int Size;
            public int Link;
        }
    }
}
