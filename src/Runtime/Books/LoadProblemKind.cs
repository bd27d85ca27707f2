namespace Lanyard;

/// <summary>What is wrong with one tensor of a load or a refit.</summary>
public enum LoadProblemKind
{
    /// <summary>The model needs the tensor, and nobody brought it.</summary>
    Missing,

    /// <summary>The model has no place for the tensor and does not ignore it by declaration.</summary>
    Unexpected,

    /// <summary>The tensor came twice.</summary>
    Duplicate,

    /// <summary>The tensor has another shape than its place.</summary>
    WrongShape,

    /// <summary>The tensor's element type cannot be taken without loss, or not at all.</summary>
    WrongType,

    /// <summary>A parameter was brought in two formats at once.</summary>
    MixedFormats,

    /// <summary>The tensor fits several formats, and nobody said which one it is.</summary>
    Ambiguous,

    /// <summary>Two names of one tied tensor came with different bits.</summary>
    TiedDiffer,

    /// <summary>A patch that cannot be written: its elements are wrong, or the parameter is not stored as it was loaded.</summary>
    WrongPatch,

    /// <summary>A slice or a chunk of a tensor that can only come whole.</summary>
    WrongPart,

    /// <summary>A declared ignore matches no tensor of the checkpoint.</summary>
    UnusedIgnore,

    /// <summary>A module of the model holds parameters that no map describes.</summary>
    Unmapped,

    /// <summary>Elements of the tensor that its layout adds, and that no parameter has, are not zero: something is stored there that would be lost.</summary>
    WrongPadding,

    /// <summary>A tensor of a refit in place lies in memory that the refit writes, so that it may be overwritten before it is read.</summary>
    LiveMemory,

    /// <summary>Tensors came under names of several conventions, and none has all of them.</summary>
    MixedConventions,

    /// <summary>A rename of the options matches no tensor of the checkpoint.</summary>
    UnusedRename,

    /// <summary>The tensor is a slice that another rank, or a rank of another topology, has written, though it may have the right shape.</summary>
    WrongSlice,

    /// <summary>The configuration beside the checkpoint says that values are stored in another way than the source declares, though the shapes fit.</summary>
    WrongConfiguration,

    /// <summary>Elements of the tensor are read by no parameter, and no ignore names it.</summary>
    Unread,

    /// <summary>A tensor that was announced to be written into live memory does not lie there as it is stored.</summary>
    NotInMemory,
}
