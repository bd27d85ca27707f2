using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>A parameter's tensor belongs to its module.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnershipAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Calls = ["Dispose", "DetachFromDisposeScope", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "DetatchFromDisposeScope", "DecoupleFromNativeHandle"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0032";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is neither disposed nor taken away",
        "{0} takes the tensor of \"{1}\" away from its module: the property would hold an invalid handle. {2}.",
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
                var call = (IInvocationOperation)context.Operation;
                var method = call.TargetMethod;
                if (Calls.Contains(method.Name) && ParameterView.Named(Operation.Receiver(call)) is { } parameter)
                    Report(context, Locate.Name(call.Syntax), $"\"{method.Name}\"", parameter, "It is disposed with the module");
                foreach (var argument in call.Arguments)
                {
                    if (Takes(call, argument, out var advice) && Parameter(argument.Value, call) is { } taken) Report(context, argument.Syntax.GetLocation(), $"\"{method.Name}\"", taken, advice);
                }
            },
            OperationKind.Invocation);
        context.RegisterOperationAction(
            static context =>
            {
                var created = (IObjectCreationOperation)context.Operation;
                if (created.Type is { } type && KnownTypes.IsParameter(type) && ParameterView.Named(created.Arguments.FirstOrDefault()?.Value) is { } parameter)
                    Report(context, created.Arguments[0].Syntax.GetLocation(), "The constructor of Parameter", parameter, "Give it a copy, or a view such as alias()");
            },
            OperationKind.ObjectCreation);
        context.RegisterOperationAction(
            static context =>
            {
                foreach (var declarator in ((IUsingDeclarationOperation)context.Operation).DeclarationGroup.Declarations.SelectMany(static declaration => declaration.Declarators)) Using(context, declarator.Initializer?.Value);
            },
            OperationKind.UsingDeclaration);
        context.RegisterOperationAction(
            static context =>
            {
                var resources = ((IUsingOperation)context.Operation).Resources;
                if (resources is IVariableDeclarationGroupOperation group)
                    foreach (var declarator in group.Declarations.SelectMany(static declaration => declaration.Declarators)) Using(context, declarator.Initializer?.Value);
                else Using(context, resources);
            },
            OperationKind.Using);
    }

    /// <summary>Whether an argument gives a tensor away: to a scope, to the constructor behind <c>nn.Parameter</c>, or as <c>disposeAfter: true</c>.</summary>
    private static bool Takes(IInvocationOperation call, IArgumentOperation argument, out string advice)
    {
        advice = "It is disposed with the module";
        if (argument is { Parameter.Name: "disposeAfter", Value.ConstantValue: { HasValue: true, Value: true } }) return true;
        if (call.TargetMethod.ContainingType is { Name: "DisposeScope" or "DisposeScopeManager", ContainingNamespace: { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true } }) return true;
        advice = "Give it a copy, or a view such as alias()";
        return call.TargetMethod is { IsStatic: true, Name: "Parameter", ContainingType.Name: "nn" } && argument.Parameter?.Ordinal == 0;
    }

    private static IPropertyReferenceOperation? Parameter(IOperation value, IInvocationOperation call) =>
        value.Type?.SpecialType == SpecialType.System_Boolean ? ParameterView.Named(Operation.Receiver(call)) : Elements(value).Select(ParameterView.Named).FirstOrDefault(static parameter => parameter is not null);

    private static IEnumerable<IOperation> Elements(IOperation value) => Operation.Bare(value) switch
    {
        IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues,
        ICollectionExpressionOperation collection => collection.Elements,
        _ => [value],
    };

    private static void Using(OperationAnalysisContext context, IOperation? resource)
    {
        if (ParameterView.Named(resource) is { } parameter) Report(context, resource!.Syntax.GetLocation(), "\"using\"", parameter, "It is disposed with the module");
    }

    private static void Report(OperationAnalysisContext context, Location location, string what, IPropertyReferenceOperation parameter, string advice) =>
        context.ReportDiagnostic(Diagnostic.Create(Rule, location, what, parameter.Property.Name, advice));
}
