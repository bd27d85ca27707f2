namespace Lanyard;

/// <summary>How the files of a checkpoint are read.</summary>
public enum CheckpointAccess
{
    /// <summary>
    /// They are mapped: elements are copied straight from the page cache, without a buffer. A file that is cut short meanwhile ends the process
    /// (<c>SIGBUS</c>), and no handler sees it: for files that nobody overwrites in place.
    /// </summary>
    Map,

    /// <summary>
    /// They are read into memory. Whatever a trainer does to them, the process lives: a file that ends early, or of which the length or the time of
    /// its last change moved, is a <see cref="CheckpointException"/>. Of what waits to be copied or decoded at most 256 MiB are in memory at a
    /// time, or one tensor that is larger.
    /// </summary>
    Read,
}
