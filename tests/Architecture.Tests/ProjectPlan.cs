using Microsoft.CodeAnalysis;

namespace Lanyard.Architecture.Tests;

/// <summary>What stands where in a project.</summary>
/// <param name="Namespace">The namespace of what lies in no folder; that of a folder has its name besides.</param>
/// <param name="Line">The folders in order, as <see cref="FolderLine"/> reads them. Folders in them that it does not name belong to them.</param>
internal sealed record ProjectPlan(string Namespace, params IReadOnlyList<string> Line)
{
    /// <summary>The namespaces of public types, wherever they lie; where there are none, they have those of their folders too.</summary>
    public IReadOnlyList<string> Public { get; init; } = [];

    /// <summary>Lines of the folders within a folder.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Within { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The assemblies of ours that the project uses.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The generators without which it does not compile.</summary>
    public IReadOnlyList<IIncrementalGenerator> Generators { get; init; } = [];
}
