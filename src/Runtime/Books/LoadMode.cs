namespace Lanyard;

/// <summary>How a first load brings weights into memory.</summary>
public enum LoadMode
{
    /// <summary>Copies them. The file is not needed afterwards.</summary>
    Copy,

    /// <summary>
    /// Maps the file where a parameter is stored as it lies in memory: one tensor, or a run of elements of one, in the parameter's own
    /// type and layout. It is ready at once, and processes that map the same file share its memory. Other parameters are copied;
    /// <see cref="LoadReport.MappedBytes"/> says how much was mapped. Weights are then read from the file when they are first used, a refit
    /// pays for each page that it writes to for the first time, and the file must not be cut short or overwritten as long as it is
    /// mapped. It may be deleted or replaced by renaming, and no refit reaches it.
    /// </summary>
    Map,
}
