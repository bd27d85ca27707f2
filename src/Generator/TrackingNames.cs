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

    /// <summary>The root classes of model families that are declared here; hardly ever more than a few.</summary>
    public const string OwnFamilies = nameof(OwnFamilies);

    /// <summary>Those of each referenced assembly.</summary>
    public const string ReferencedFamilies = nameof(ReferencedFamilies);

    /// <summary>Whether a program is compiled.</summary>
    public const string IsProgram = nameof(IsProgram);

    /// <summary>What is written of families.</summary>
    public const string Families = nameof(Families);
}
