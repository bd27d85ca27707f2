using System.Text;
using Lanyard.Checkpoints;

namespace Lanyard.Tests;

/// <summary>Writes GGUF files, right or wrong.</summary>
internal sealed class GgufFile
{
    private readonly MemoryStream _metadata = new();
    private readonly List<(string Name, long[] Shape, uint Type, byte[] Bytes)> _tensors = [];
    private ulong _values;

    /// <summary>What comes behind the magic letters.</summary>
    public uint Version { get; init; } = 3;

    /// <summary>Adds a value: a number of a width, a truth value, a text, or an array of those.</summary>
    public GgufFile With(string key, object value)
    {
        Append(_metadata, key);
        _metadata.Write(BitConverter.GetBytes((uint)Kind(value)));
        Value(value);
        _values++;
        return this;
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The number of its type.</param>
    /// <param name="shape">Its shape, outermost axis first.</param>
    /// <param name="bytes">Its bytes.</param>
    public GgufFile Tensor(string name, uint type, long[] shape, byte[] bytes)
    {
        _tensors.Add((name, shape, type, bytes));
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] Bytes()
    {
        const int Alignment = 32;
        MemoryStream file = new();
        file.Write("GGUF"u8);
        file.Write(BitConverter.GetBytes(Version));
        file.Write(BitConverter.GetBytes((ulong)_tensors.Count));
        file.Write(BitConverter.GetBytes(_values));
        _metadata.WriteTo(file);
        MemoryStream data = new();
        foreach ((string name, long[] shape, uint type, byte[] bytes) in _tensors)
        {
            Append(file, name);
            file.Write(BitConverter.GetBytes(shape.Length));
            foreach (long size in shape.Reverse())
            {
                file.Write(BitConverter.GetBytes(size));
            }

            file.Write(BitConverter.GetBytes(type));
            file.Write(BitConverter.GetBytes((ulong)data.Length));
            data.Write(bytes);
            data.Write(new byte[-data.Length & (Alignment - 1)]);
        }

        file.Write(new byte[-file.Length & (Alignment - 1)]);
        data.WriteTo(file);
        return file.ToArray();
    }

    private static MetadataKind Kind(object value) => value switch
    {
        byte => MetadataKind.U8,
        sbyte => MetadataKind.I8,
        ushort => MetadataKind.U16,
        short => MetadataKind.I16,
        uint => MetadataKind.U32,
        int => MetadataKind.I32,
        float => MetadataKind.F32,
        bool => MetadataKind.Boolean,
        string or byte[] => MetadataKind.Text,
        ulong => MetadataKind.U64,
        long => MetadataKind.I64,
        double => MetadataKind.F64,
        _ => MetadataKind.Array,
    };

    private static void Append(MemoryStream stream, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        stream.Write(BitConverter.GetBytes((ulong)bytes.Length));
        stream.Write(bytes);
    }

    private void Value(object value)
    {
        if (value is Array array and not byte[])
        {
            _metadata.Write(BitConverter.GetBytes((uint)Kind(array.GetValue(0)!)));
            _metadata.Write(BitConverter.GetBytes((ulong)array.Length));
            foreach (object? item in array)
            {
                Value(item!);
            }

            return;
        }

        if (value is byte[] text)
        {
            _metadata.Write(BitConverter.GetBytes((ulong)text.Length));
            _metadata.Write(text);
            return;
        }

        if (value is string plain)
        {
            Append(_metadata, plain);
            return;
        }

        _metadata.Write(value switch
        {
            byte number => [number],
            sbyte number => [(byte)number],
            ushort number => BitConverter.GetBytes(number),
            short number => BitConverter.GetBytes(number),
            uint number => BitConverter.GetBytes(number),
            int number => BitConverter.GetBytes(number),
            float number => BitConverter.GetBytes(number),
            bool yes => [(byte)(yes ? 1 : 0)],
            ulong number => BitConverter.GetBytes(number),
            long number => BitConverter.GetBytes(number),
            double number => BitConverter.GetBytes(number),
            _ => throw new ArgumentException($"{value}", nameof(value)),
        });
    }
}
