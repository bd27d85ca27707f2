using System.Text;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>What annotated classes of a compilation declare, in it or in assemblies that it refers to.</summary>
/// <param name="compilation">The compilation.</param>
internal sealed class DeclaredClasses(Compilation compilation)
{
    private static readonly string[] Overriding = ["Child", "Without", "With"];

    private readonly Dictionary<string, (INamedTypeSymbol? Type, DescribedModule? Module, string Text)> _classes = new(StringComparer.Ordinal);

    /// <summary>What the class declares, or the nearest one that it derives from, by the name that metadata has; null where it is no annotated class.</summary>
    public DescribedModule? Find(string name) => Entry(name).Module;

    /// <summary>The annotated class behind a name.</summary>
    public INamedTypeSymbol? Type(string name) => Entry(name).Type;

    /// <summary>The same where its code is that of the compilation: an editor has the code of other projects too, in which nothing is to be reported.</summary>
    public INamedTypeSymbol? TypeHere(string name) => Type(name) is { } type && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) ? type : null;

    /// <summary>All that a class and those below it say.</summary>
    public string TextOf(string root)
    {
        var (text, seen, open) = (new StringBuilder(), new HashSet<string>(StringComparer.Ordinal) { root }, new Queue<string>([root]));
        while (open.Count > 0)
        {
            var name = open.Dequeue();
            var entry = Entry(name);
            text.Append(name).Append('\n').Append(entry.Text);
            foreach (var child in entry.Module?.Children.SelectMany(static child => child.Classes).Where(seen.Add) ?? []) open.Enqueue(child);
        }
        return text.ToString();
    }

    private (INamedTypeSymbol? Type, DescribedModule? Module, string Text) Entry(string name)
    {
        if (_classes.TryGetValue(name, out var known)) return known;
        var type = compilation.GetTypeByMetadataName(name) ?? compilation.GetTypesByMetadataName(name).FirstOrDefault(static type => Annotated(type) is not null);
        var annotated = type is null ? null : Annotated(type);
        if (annotated is null || WrittenDeclaration.Of(annotated) is not { } written) return _classes[name] = (null, null, "");
        var overrides = KnownTypes.BasesOf(type!).TakeWhile(type => !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, annotated)).Append(annotated).SelectMany(Overrides).ToList();
        var module = written.Module(name);
        if (overrides.Count > 0) module = module with { Overrides = DeclarationReader.Read(name, overrides).Overrides };
        return _classes[name] = (annotated, module, string.Join("\n", [written.Digest, .. overrides, ""]));
    }

    /// <summary>What a class says of what is further below, as lines of a declaration.</summary>
    private static IEnumerable<string> Overrides(INamedTypeSymbol type)
    {
        // The text first: few classes say something of others, and attributes are bound together.
        if (!type.DeclaringSyntaxReferences.IsEmpty && !Overriding.Any(name => SourceReader.MayHave(type, name, default))) yield break;
        foreach (var attribute in type.Attributes("ChildAttribute").Where(static attribute => attribute.ConstructorArguments.Length == 2))
            yield return DeclarationLine.Of(["below", attribute.Text(0), .. attribute.ConstructorArguments[1].Items().Select(static type => type.Value).OfType<INamedTypeSymbol>().Select(static type => "class " + Identifiers.Metadata(type)), .. attribute.Named("Axes") is string axes ? ["axes " + axes] : Array.Empty<string>()]);
        foreach (var path in type.Attributes("WithoutAttribute").SelectMany(static attribute => attribute.ConstructorArguments).SelectMany(static argument => argument.Items()))
            yield return DeclarationLine.Of(["below", path.Value as string ?? ""]);
        foreach (var path in type.Attributes("WithAttribute").SelectMany(static attribute => attribute.ConstructorArguments).SelectMany(static argument => argument.Items()))
            yield return DeclarationLine.Of(["below", path.Value as string ?? "", "always"]);
    }

    private static INamedTypeSymbol? Annotated(INamedTypeSymbol type) => KnownTypes.BasesOf(type).FirstOrDefault(static type => WrittenDeclaration.Of(type.OriginalDefinition) is not null)?.OriginalDefinition;
}
