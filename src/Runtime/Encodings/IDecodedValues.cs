namespace Lanyard.Encodings;

/// <summary>Values that are decoded when they are asked for, from any number of threads.</summary>
internal interface IDecodedValues
{
    /// <summary>How many values are decoded together, from the first on: what is asked for must begin with such a block, and end with one.</summary>
    int Block { get; }

    /// <summary>Decodes some values.</summary>
    /// <param name="first">The first, as the contiguous row-major tensor counts them.</param>
    /// <param name="values">Where to, in float32.</param>
    void Decode(long first, Span<float> values);

    /// <inheritdoc cref="Decode(long, Span{float})"/>
    /// <param name="first">The first, as the contiguous row-major tensor counts them.</param>
    /// <param name="values">Where to, in bfloat16: the float32 value, rounded to nearest even.</param>
    void Decode(long first, Span<ushort> values);
}
