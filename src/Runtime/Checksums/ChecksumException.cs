namespace Lanyard;

/// <summary>A model is not proven to hold what the trainer sent; the message lists everything.</summary>
public sealed class ChecksumException : LanyardException
{
    /// <summary>Says what the report says.</summary>
    /// <param name="report">The report.</param>
    public ChecksumException(ChecksumReport report)
        : base(report.ToString()) => Report = report;

    /// <summary>The comparison, slot by slot.</summary>
    public ChecksumReport Report { get; }
}
