using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>An annotated class is one that the generator can complete.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModuleClassAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0002";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter module is a class derived from TorchSharp's Module",
        "\"{0}\" cannot have [ParameterModule]: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        if (Wrong(type) is { } reason)
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Type(type, attribute, context.CancellationToken), type.Name, reason));
    }

    private static string? Wrong(INamedTypeSymbol type)
    {
        if (type.IsStatic) return "it is static, and parameters belong to instances; remove \"static\" and derive it from Module";
        if (type.IsRecord) return "it is a record, whose \"with\" copies parameters past their setters; make it a class";
        if (!KnownTypes.IsModule(type)) return "it does not derive from TorchSharp's Module; derive it from torch.nn.Module or one of Module<...>";
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsFileLocal) return $"\"{current.Name}\" is a file type, of which no other file can have a part; make it internal";
        }
        var parent = KnownTypes.BasesOf(type).Skip(1).FirstOrDefault(static parent => parent.Attribute("ParameterModuleAttribute") is not null);
        return parent is null ? null : $"its base class \"{parent.Name}\" has it already, and the two would own one registry; make \"{parent.Name}\" a child, or an unannotated base";
    }
}
