namespace Lanyard.Tests.Fuzz;

/// <summary>How a file's bytes are changed.</summary>
internal enum ByteChange
{
    /// <summary>A bit changes.</summary>
    Flip,

    /// <summary>A byte changes.</summary>
    Set,

    /// <summary>The file ends early.</summary>
    Truncate,

    /// <summary>Some bytes go.</summary>
    Cut,

    /// <summary>Some bytes come twice.</summary>
    Insert,

    /// <summary>Zeros follow.</summary>
    Append,

    /// <summary>The length of the header, which comes first, is another one.</summary>
    HeaderLength,
}
