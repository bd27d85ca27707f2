using System.Buffers.Binary;
using System.Text;

namespace Lanyard.Tests.Checkpoints;

/// <summary>A folder for one test's files.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("lanyard-").FullName;

    public string Path { get; }

    /// <summary>The names of everything in the folder, in order.</summary>
    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Path).Select(p => System.IO.Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    /// <summary>A file of the safetensors format, right or wrong.</summary>
    public static byte[] Pack(string json, byte[] data)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        byte[] file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        data.CopyTo(file, 8 + header.Length);
        return file;
    }

    /// <summary>The full path of a name in this folder.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file of any content.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(At(name), content);
        return At(name);
    }

    /// <summary>Writes a file with U8 tensors of one element each.</summary>
    public string Write(string name, params string[] tensors) => Write(name, Pack(
        "{" + string.Join(",", tensors.Select((t, i) => $"\"{t}\":{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[{i},{i + 1}]}}")) + "}",
        [.. tensors.Select((_, i) => (byte)i)]));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
