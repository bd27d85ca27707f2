namespace Lanyard.Generator.Conformance.Lists;

/// <summary>What a value of a JSON text is.</summary>
internal enum JsonKind : byte
{
    /// <summary>An object.</summary>
    Object,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A string, or the name of a member.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True, false or null.</summary>
    Word,
}
