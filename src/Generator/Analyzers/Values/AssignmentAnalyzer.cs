using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>A parameter is assigned in a constructor or a post-load method of its class, and nowhere else.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AssignmentAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0020";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is assigned in a constructor or a post-load method",
        "Assign \"{0}\" in the body of a constructor or of a method with [PostLoad] of \"{1}\": anywhere else nobody would know the layout of the new value",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterOperationAction(
            static context =>
            {
                foreach (var target in Operation.Targets(context.Operation))
                {
                    if (Operation.Parameter(target) is { } parameter && !IsAllowed(parameter, context.ContainingSymbol)) Report(context, parameter);
                }
            },
            OperationKind.SimpleAssignment,
            OperationKind.CompoundAssignment,
            OperationKind.CoalesceAssignment,
            OperationKind.DeconstructionAssignment,
            OperationKind.Increment,
            OperationKind.Decrement);
        context.RegisterOperationAction(static context => Creation(context, ((IInvocationOperation)context.Operation).TargetMethod, ((IInvocationOperation)context.Operation).Instance), OperationKind.Invocation);
        context.RegisterOperationAction(static context => Creation(context, ((IMethodReferenceOperation)context.Operation).Method, null), OperationKind.MethodReference);
    }

    private static bool IsAllowed(IPropertyReferenceOperation parameter, ISymbol member)
    {
        if (!Operation.IsThis(parameter.Instance) || Operation.IsDeferred(parameter)) return false;
        var owner = parameter.Property.OriginalDefinition.ContainingType;
        return SymbolEqualityComparer.Default.Equals(member.ContainingType?.OriginalDefinition, owner)
            && (member is IMethodSymbol { MethodKind: MethodKind.Constructor } || Annotated.IsPostLoad(member));
    }

    /// <summary>CreateParameters assigns all of them.</summary>
    private static void Creation(OperationAnalysisContext context, IMethodSymbol method, IOperation? instance)
    {
        if (method is not { Name: "CreateParameters", Parameters: [{ Type.Name: "Topology" }, _, _] } || !Annotated.IsModule(method.ContainingType) || Operation.IsNamed(context.Operation)) return;
        if (Operation.IsThis(instance) && !Operation.IsDeferred(context.Operation) && context.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }) return;
        context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(context.Operation.Syntax), method.Name, method.ContainingType.Name));
    }

    private static void Report(OperationAnalysisContext context, IPropertyReferenceOperation parameter) => context.ReportDiagnostic(
        Diagnostic.Create(Rule, Locate.Name(parameter.Syntax), parameter.Property.Name, parameter.Property.ContainingType.Name));
}
