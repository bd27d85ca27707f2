namespace Lanyard;

/// <summary>A reading of a generation of a model was asked for that is not live any more: whatever was computed from it is stale. Begin again.</summary>
public sealed class StaleGenerationException : LanyardException
{
    internal StaleGenerationException(string model, long asked, long found)
        : base(FormattableString.Invariant($"{model} is at generation {found}, not {asked}: its weights changed meanwhile. Begin again with the new ones.")) => (Asked, Found) = (asked, found);

    /// <summary>The generation that was asked for.</summary>
    public long Asked { get; }

    /// <summary>The generation that is live.</summary>
    public long Found { get; }
}
