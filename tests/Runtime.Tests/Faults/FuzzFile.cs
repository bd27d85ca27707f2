using System.Buffers.Binary;
using System.Text;
using Lanyard.Tests.Fuzz;

namespace Lanyard.Tests.Faults;

/// <summary>A file of a checkpoint, before it is changed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Json">Its header; the whole file where it is an index.</param>
/// <param name="Data">What follows the header; null where it is an index.</param>
internal sealed record FuzzFile(string Name, string Json, byte[]? Data)
{
    /// <summary>Reads a file.</summary>
    public static FuzzFile Read(string path)
    {
        var (name, bytes) = (Path.GetFileName(path), File.ReadAllBytes(path));
        if (path.EndsWith(".json", StringComparison.Ordinal)) return new FuzzFile(name, Encoding.UTF8.GetString(bytes), null);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes) + sizeof(long);
        return new FuzzFile(name, Encoding.UTF8.GetString(bytes, sizeof(long), length - sizeof(long)), bytes[length..]);
    }

    /// <summary>The file after changes of its JSON; the length of its header is right.</summary>
    public byte[] Changed(IReadOnlyCollection<JsonMutation> mutations)
    {
        var json = mutations.Count == 0 ? Encoding.UTF8.GetBytes(Json) : new MutatedJson(Json, mutations).Bytes();
        if (Data is null) return json;
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. Data];
    }
}
