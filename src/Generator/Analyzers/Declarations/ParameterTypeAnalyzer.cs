using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>A parameter has TorchSharp's type, with a question mark where instances can do without it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ParameterTypeAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0004";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is of type Parameter, nullable where it is optional",
        "The type of parameter \"{0}\" must be \"{1}\"{2}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property.PartialDefinitionPart is not null || property.Attribute("ParameterAttribute") is not { } parameter) continue;
            // What does not compile has a type that is none, and its own error.
            if (property.Type.TypeKind == TypeKind.Error) continue;
            var isOptional = parameter.Named("When") is string { Length: > 0 };
            var isNullable = property.NullableAnnotation == NullableAnnotation.Annotated;
            var reason = (KnownTypes.IsParameter(property.Type), isOptional, isNullable) switch
            {
                (false, _, _) => "",
                (true, true, false) => ": with \"When\" it is null where an instance has none",
                (true, false, true) => ": every instance has it; state with \"When\" which do, or remove the question mark",
                _ => null,
            };
            if (reason is null) continue;
            var location = Locate.Declaration(property, context.CancellationToken)?.Type.GetLocation() ?? Locate.Member(property);
            context.ReportDiagnostic(Diagnostic.Create(Rule, location, property.Name, isOptional ? "Parameter?" : "Parameter", reason));
        }
    }
}
