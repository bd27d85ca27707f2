using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>
/// The lines of <c>[Declaration]</c> on a class. Of classes in code they are read from the text of generated files, which stay the same over edits elsewhere: bound, all
/// attributes of all classes would be bound anew with each letter.
/// </summary>
/// <param name="lines">The lines.</param>
internal sealed class WrittenDeclaration(IReadOnlyList<string> lines)
{
    private const string Name = "Declaration";

    private static readonly ConditionalWeakTable<SyntaxTree, Dictionary<int, WrittenDeclaration>> Trees = new();
    private static readonly ConditionalWeakTable<INamedTypeSymbol, WrittenDeclaration> Types = new();

    private readonly Dictionary<string, DescribedModule> _modules = new(StringComparer.Ordinal);

    /// <summary>A text that others do not have.</summary>
    public string Digest { get; } = Hash(string.Join("\n", lines));

    /// <summary>What is written on a class; null where nothing is.</summary>
    public static WrittenDeclaration? Of(INamedTypeSymbol type)
    {
        if (type.DeclaringSyntaxReferences.IsEmpty) return type.Attribute(Name + "Attribute") is { } attribute ? Types.GetValue(type, _ => Bound(attribute)) : null;
        foreach (var part in type.DeclaringSyntaxReferences)
        {
            if (part.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) && Trees.GetValue(part.SyntaxTree, Read).TryGetValue(part.Span.Start, out var written)) return written;
        }
        return null;
    }

    /// <summary>What the lines say, of a class that has them or derives from it.</summary>
    /// <param name="name">The class, as metadata spells it.</param>
    public DescribedModule Module(string name)
    {
        lock (_modules)
        {
            return _modules.TryGetValue(name, out var known) ? known : _modules[name] = DeclarationReader.Read(name, lines);
        }
    }

    private static WrittenDeclaration Bound(AttributeData attribute) =>
        new([.. attribute.ConstructorArguments.SelectMany(static argument => argument.Items()).Select(static line => line.Value as string ?? "")]);

    private static Dictionary<int, WrittenDeclaration> Read(SyntaxTree tree)
    {
        var found = new Dictionary<int, WrittenDeclaration>();
        foreach (var type in tree.GetRoot().DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>())
        {
            var attribute = type.AttributeLists.SelectMany(static list => list.Attributes).FirstOrDefault(static attribute => SourceReader.LastName(attribute.Name) == Name);
            if (attribute is not null) found[type.Span.Start] = new([.. (attribute.ArgumentList?.Arguments ?? default).Select(static argument => (argument.Expression as LiteralExpressionSyntax)?.Token.ValueText ?? "")]);
        }
        return found;
    }

    private static string Hash(string text)
    {
        using var hash = SHA256.Create();
        return Convert.ToBase64String(hash.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }
}
