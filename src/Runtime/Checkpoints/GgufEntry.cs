namespace Lanyard.Checkpoints;

/// <summary>One tensor of a GGUF header, as it is in the file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">The size of each axis, outermost first.</param>
/// <param name="Type">The number of the type.</param>
/// <param name="Offset">Where the bytes begin, from the beginning of the data.</param>
internal sealed record GgufEntry(string Name, ulong[] Shape, uint Type, ulong Offset)
{
    /// <summary>What is wrong with the numbers; null if nothing is.</summary>
    /// <param name="alignment">What offsets are multiples of.</param>
    /// <param name="dataLength">How many bytes of data the file has.</param>
    public string? Problem(long alignment, long dataLength)
    {
        if (!GgufTypes.TryFind(Type, out CheckpointType type))
        {
            return $"its type {Type} is unknown.";
        }

        (ulong row, ulong block) = (Shape.Length == 0 ? 1 : Shape[^1], (ulong)type.BlockElements());
        if (row % block != 0)
        {
            return $"its rows of {row} elements are not whole blocks of {type.Text()}, which have {block}.";
        }

        if (Offset % (ulong)alignment != 0)
        {
            return $"it begins at {Offset} of the data, which is not a multiple of {alignment}.";
        }

        if (Bytes(type) is not UInt128 bytes)
        {
            return $"its shape [{string.Join(", ", Shape)}] is larger than any tensor can have.";
        }

        return Offset + bytes <= (ulong)dataLength ? null : $"its {bytes} bytes from {Offset} on are not within the {dataLength} bytes of data.";
    }

    /// <summary>The tensor, if it has no <see cref="Problem"/>.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="dataStart">Where the data begin in it, in bytes.</param>
    public CheckpointTensor Tensor(string file, long dataStart)
    {
        _ = GgufTypes.TryFind(Type, out CheckpointType type);
        return new CheckpointTensor
        {
            Name = Name,
            DType = type,
            Shape = [.. Shape.Select(static size => (long)size)],
            File = file,
            Offset = dataStart + (long)Offset,
            Length = (long)Bytes(type)!.Value,
        };
    }

    // Null where an axis, the elements or the strides, an empty tensor's too, cannot be counted.
    private UInt128? Bytes(CheckpointType type)
    {
        UInt128 strides = 1;
        foreach (ulong size in Shape)
        {
            strides *= Math.Max(size, 1);
            if (size > long.MaxValue || strides > long.MaxValue)
            {
                return null;
            }
        }

        return Shape.Contains(0UL) ? 0 : strides / (uint)type.BlockElements() * (uint)type.BlockBytes();
    }
}
