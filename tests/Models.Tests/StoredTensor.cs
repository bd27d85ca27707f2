using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lanyard.Models.Tests;

/// <summary>A tensor of a checkpoint as it is stored, of types that torch lacks too.</summary>
internal sealed record StoredTensor(string Name, string Type, long[] Shape, byte[] Bytes)
{
    /// <summary>Those of all files in a folder.</summary>
    public static List<StoredTensor> Read(string folder)
    {
        var tensors = new List<StoredTensor>();
        foreach (var file in Directory.GetFiles(folder, "model*.safetensors").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
            foreach (var entry in header.RootElement.EnumerateObject().Where(static entry => entry.Name != "__metadata__"))
            {
                var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(static offset => offset.GetInt32()).ToArray();
                tensors.Add(new(entry.Name, entry.Value.GetProperty("dtype").GetString()!, [.. entry.Value.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64())], bytes[(8 + length + offsets[0])..(8 + length + offsets[1])]));
            }
        }
        return tensors;
    }

    /// <summary>Writes them to one file.</summary>
    public static void Write(string path, IEnumerable<StoredTensor> tensors)
    {
        var (header, end, all) = (new JsonObject(), 0, tensors.ToList());
        foreach (var tensor in all) header[tensor.Name] = new JsonObject { ["dtype"] = tensor.Type, ["shape"] = new JsonArray([.. tensor.Shape.Select(static size => (JsonNode)size)]), ["data_offsets"] = new JsonArray(end, end += tensor.Bytes.Length) };
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        using var file = File.Create(path);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        file.Write(length);
        file.Write(text);
        foreach (var tensor in all) file.Write(tensor.Bytes);
    }

    /// <summary>The same values in BF16, those below in magnitude of what F32 has.</summary>
    public StoredTensor Narrowed() => this with { Type = "BF16", Bytes = MemoryMarshal.AsBytes(MemoryMarshal.Cast<byte, uint>(Bytes).ToArray().Select(static bits => (ushort)(bits >> 16)).ToArray().AsSpan()).ToArray() };

    /// <summary>The same values of BF16 in F32.</summary>
    public StoredTensor Widened() => this with { Type = "F32", Bytes = MemoryMarshal.AsBytes(MemoryMarshal.Cast<byte, ushort>(Bytes).ToArray().Select(static bits => (uint)bits << 16).ToArray().AsSpan()).ToArray() };

    /// <summary>Values of BF16 with the other sign.</summary>
    public StoredTensor Negated() => this with { Bytes = MemoryMarshal.AsBytes(MemoryMarshal.Cast<byte, ushort>(Bytes).ToArray().Select(static bits => (ushort)(bits ^ 0x8000)).ToArray().AsSpan()).ToArray() };
}
