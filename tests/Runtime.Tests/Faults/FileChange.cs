namespace Lanyard.Tests.Faults;

/// <summary>How a file of a checkpoint is changed as a whole.</summary>
internal enum FileChange
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It has no bytes.</summary>
    Empty,

    /// <summary>A folder has its name.</summary>
    Folder,

    /// <summary>A link to itself has its name.</summary>
    Loop,

    /// <summary>It is the checkpoint's first file.</summary>
    First,
}
