using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>No member takes the name of a generated one, and no parameter or child that of an inherited one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReservedNameAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0015";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A member's name is free",
        "\"{0}\" {1}; rename it",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    private const string TakenReason = "is the name of a member that the generator writes";

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var cancel = context.CancellationToken;
        var emitted = EmittedFiles.Of(context.Compilation);
        if (WrittenNames.Members.Contains(type.Name)) context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Type(type, attribute, cancel), type.Name, TakenReason));
        foreach (var parameter in type.TypeParameters)
        {
            if (WrittenNames.Members.Contains(parameter.Name)) context.ReportDiagnostic(Diagnostic.Create(Rule, parameter.Locations[0], parameter.Name, TakenReason));
        }
        foreach (var member in type.GetMembers())
        {
            if (member is { IsImplicitlyDeclared: true } or IPropertySymbol { PartialDefinitionPart: not null } || member.DeclaringSyntaxReferences is not [var reference, ..]) continue;
            if (emitted.Contains(reference.SyntaxTree)) continue;
            if (Wrong(type, member, context.Compilation) is { } reason)
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Member(member), member.Name, reason));
        }
    }

    private static string? Wrong(INamedTypeSymbol type, ISymbol member, Compilation compilation)
    {
        if (WrittenNames.Members.Contains(member.Name) && member is not IMethodSymbol { Name: WrittenNames.Creator, Parameters.IsEmpty: false }) return TakenReason;
        if (member is not IPropertySymbol { IsOverride: false, IsIndexer: false } property) return null;
        var isParameter = property.Attribute("ParameterAttribute") is not null;
        if (!isParameter && !ChildParser.IsChild(property)) return null;
        if (isParameter && WrittenNames.IsTakenInside(member.Name)) return "is the name of a member of the generated map";
        var hidden = KnownTypes.BasesOf(type).Skip(1)
            .SelectMany(parent => parent.GetMembers(member.Name))
            .FirstOrDefault(inherited => compilation.IsSymbolAccessibleWithin(inherited, type));
        return hidden is null ? null : $"hides what \"{hidden.ContainingType.Name}\" has under this name";
    }
}
