namespace Lanyard;

/// <summary>Why something cannot be exported or merged.</summary>
public enum ExportProblemKind
{
    /// <summary>A post-load method replaced a parameter, and has no undo.</summary>
    NoUndo,

    /// <summary>The undo of a post-load method does not undo it: what it makes would be loaded as another model.</summary>
    WrongUndo,

    /// <summary>Elements of a tensor belong to no parameter, so nobody knows their values.</summary>
    Uncovered,

    /// <summary>Elements of a tensor are held in several places, with different values.</summary>
    Overlap,

    /// <summary>Two descriptions of a tensor contradict each other: its shape, its type, or which slice of it is held.</summary>
    Conflict,

    /// <summary>A module of the model holds parameters that no map describes.</summary>
    Unmapped,

    /// <summary>A tensor or a part of it is on none of the ranks that are merged.</summary>
    Missing,

    /// <summary>Two ranks hold the same elements with different bits.</summary>
    Differs,

    /// <summary><see cref="ExportOptions.Codes"/> asks for codes of which none were kept.</summary>
    NoCodes,

    /// <summary><see cref="ExportOptions.Codes"/> asks for codes, and the parameter has other values than those make. They are not encoded.</summary>
    NewValues,

    /// <summary>A part of a parameter that is declared to be a constant has other values, which no tensor of the format has room for.</summary>
    NoConstant,
}
