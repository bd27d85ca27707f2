namespace Lanyard.Generator.Models;

/// <summary>Everything that the generated code of one class depends on. It holds no symbols and no syntax.</summary>
// A symbol would keep its whole compilation alive, and be another one after each keystroke; a location changes with every line that
// is written above it.
public sealed record ModuleModel
{
    /// <summary>The name of the generated file, without its ending.</summary>
    public required string FileName { get; init; }

    /// <summary>The namespace, or empty.</summary>
    public required string Namespace { get; init; }

    /// <summary>The types around the class, outermost first, and the class itself, as their declarations begin: <c>partial class Outer&lt;T&gt;</c>.</summary>
    public required EquatableArray<string> Declarations { get; init; }

    /// <summary>The name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>The class from anywhere: <c>global::Models.Outer&lt;T&gt;.Inner</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>The same for documentation: <c>global::Models.Outer{T}.Inner</c>.</summary>
    public required string Cref { get; init; }

    /// <summary>Whether nothing can derive from the class.</summary>
    public required bool IsSealed { get; init; }

    /// <summary>Whether the runtime's internals are visible where the class is, which changes how its members are overridden.</summary>
    public required bool SeesInternals { get; init; }

    /// <summary>The generated members that hide inherited ones.</summary>
    public EquatableArray<string> Hiding { get; init; }

    /// <summary>Warnings that the author's own choices would raise in generated code.</summary>
    public EquatableArray<string> Suppressed { get; init; }

    /// <summary>Whether the author forbids the use of a member, which obsolete code alone may then use.</summary>
    public bool UsesForbidden { get; init; }

    /// <summary>Whether the author, or a base class of theirs, says how an instance is shown as text.</summary>
    public bool HasText { get; init; }

    /// <summary>Whether the author says what happens when an instance is disposed.</summary>
    public bool HasDispose { get; init; }

    /// <summary>The parameters, in order of declaration.</summary>
    public EquatableArray<ParameterModel> Parameters { get; init; }

    /// <summary>The axes, in order of declaration.</summary>
    public EquatableArray<AxisModel> Axes { get; init; }

    /// <summary>The children, in order of declaration.</summary>
    public EquatableArray<ChildModel> Children { get; init; }

    /// <summary>The post-load methods, in the order in which they run.</summary>
    public EquatableArray<PostLoadModel> PostLoads { get; init; }

    /// <summary>Members that may hold a buffer and can be assigned.</summary>
    public EquatableArray<string> Tensors { get; init; }

    /// <summary>Whether a constructor may read parameters, to fill them in place.</summary>
    public bool ReadsInConstructor { get; init; }

    /// <summary>Prefixes that some checkpoints put before every name.</summary>
    public EquatableArray<PrefixModel> Prefixes { get; init; }

    /// <summary>Checkpoint tensors that the class leaves alone.</summary>
    public EquatableArray<IgnoreModel> Ignores { get; init; }

    /// <summary>Other names of checkpoint tensors.</summary>
    public EquatableArray<AliasModel> Aliases { get; init; }
}
