namespace Lanyard.Generator;

/// <summary>The names of the pipeline's steps, by which tests ask whether a step ran again.</summary>
public static class TrackingNames
{
    /// <summary>What was read of each annotated class, or null where nothing can be written for it.</summary>
    public const string Candidates = nameof(Candidates);

    /// <summary>The classes that get code.</summary>
    public const string Modules = nameof(Modules);

    /// <summary>The file names that differ in case alone; hardly ever any.</summary>
    public const string Collisions = nameof(Collisions);

    /// <summary>Each class with its file name.</summary>
    public const string Files = nameof(Files);

    /// <summary>The properties of annotated classes that get no code; hardly ever any.</summary>
    public const string Declined = nameof(Declined);

    /// <summary>The parameters of classes that are not annotated; hardly ever any.</summary>
    public const string Forgotten = nameof(Forgotten);
}
