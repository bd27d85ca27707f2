namespace Lanyard.Encodings.Values;

/// <summary>What a number is while values are computed.</summary>
internal enum NumberKind
{
    /// <summary>A whole number that 32 bits hold, whatever is stored.</summary>
    Int32,

    /// <summary>A whole number of 64 bits.</summary>
    Int64,

    /// <summary>A float32.</summary>
    Single,
}
