namespace Lanyard;

/// <summary>Why an exported tensor need not be what was loaded.</summary>
public enum ExportLossKind
{
    /// <summary>The source is quantised or packed, or the file that was loaded had blocks, as GGUF; the decoded values were written, and no scales.</summary>
    Decoded,

    /// <summary>The source declares an offset: it was added on the way in and taken away on the way out, and both round.</summary>
    Offset,

    /// <summary>The source declares that values may be rounded to the parameter's type when they are loaded.</summary>
    Cast,

    /// <summary><see cref="ExportOptions.Type"/> is narrower than the model's type, and changed a value.</summary>
    Narrowed,
}
